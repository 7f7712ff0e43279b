export const dayMs = 86_400_000;

/** Days since 1970-01-01. */
export const dayOf = (ms: number): number => Math.floor(ms / dayMs);

/** @param month from 0 */
export function dayOfDate(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return dayOf(date.getTime());
}

/** Where a day stands in its month, its year and its week. */
export class DayFacts {
  readonly year: number;
  readonly month: number;
  readonly dayOfMonth: number;
  readonly dayOfYear: number;
  readonly daysInMonth: number;
  readonly daysInYear: number;
  /** Monday is 0. */
  readonly weekday: number;

  constructor(readonly day: number) {
    const date = new Date(day * dayMs);
    this.year = date.getUTCFullYear();
    this.month = date.getUTCMonth() + 1;
    this.dayOfMonth = date.getUTCDate();
    const leap = (this.year % 4 === 0 && this.year % 100 !== 0) || this.year % 400 === 0;
    this.daysInYear = leap ? 366 : 365;
    this.daysInMonth = this.month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(this.month) ? 30 : 31;
    this.dayOfYear = day - dayOfDate(this.year, 0, 1) + 1;
    this.weekday = weekdayOf(day);
  }

  /** Weeks are numbered as in ISO 8601, but may begin on another day: week 1 has at least four days of its year. */
  weekOfYear(weekStart: number): { readonly week: number; readonly weeks: number } {
    let year = this.year;
    if (this.day < firstWeek(year, weekStart)) year -= 1;
    else if (this.day >= firstWeek(year + 1, weekStart)) year += 1;
    const first = firstWeek(year, weekStart);
    return { week: Math.floor((this.day - first) / 7) + 1, weeks: (firstWeek(year + 1, weekStart) - first) / 7 };
  }
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function firstWeek(year: number, weekStart: number): number {
  const january4 = dayOfDate(year, 0, 4);
  return january4 - ((weekdayOf(january4) - weekStart + 7) % 7);
}
