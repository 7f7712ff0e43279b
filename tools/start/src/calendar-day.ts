/** The demo's appointments stand on the next working day, so that they fall in every user's window and are easily found. */
export function nextWorkingDay(today: Temporal.PlainDate = Temporal.Now.plainDateISO('Europe/Amsterdam')): Temporal.PlainDate {
  let day = today.add({ days: 1 });
  while (day.dayOfWeek > 5) day = day.add({ days: 1 });
  return day;
}
