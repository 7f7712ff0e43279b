const today = Temporal.Now.plainDateISO('Europe/Amsterdam');

/** An event of one hour, so many days from today. */
export const hours = (day: number, from: number) => {
  const at = (hour: number) => ({ dateTime: `${today.add({ days: day }).toString()}T${String(hour).padStart(2, '0')}:00:00`, timeZone: 'Europe/Amsterdam' });
  return { start: at(from), end: at(from + 1) };
};

/** The same of an appointment. */
export const onDay = (day: number, from: number) => {
  const date = `${today.add({ days: day }).toString()}T00:00:00Z`;
  return { BeginDatum: date, EindDatum: date, BeginTijd: from * 3_600_000, EindTijd: (from + 1) * 3_600_000 };
};
