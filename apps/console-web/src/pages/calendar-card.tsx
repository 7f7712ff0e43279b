import { useState } from 'react';
import type { GoogleCalendar } from '../api/types';
import { useWords } from '../i18n/language';
import { useAttempt } from '../parts/attempt';
import { Confirmation } from '../parts/confirmation';
import { Notice, ProblemNotice } from '../parts/notice';
import { useResource } from '../parts/resource';
import { useSession } from '../session';
import type { UserCardProps } from './user-cards';

/** Which of the user's Google calendars is kept in step. */
export function CalendarCard({ user, reload }: UserCardProps) {
  return user.account === undefined ? null : <LinkedCalendarCard key={user.account.id} user={user} reload={reload} />;
}

function LinkedCalendarCard({ user, reload }: Pick<UserCardProps, 'user' | 'reload'>) {
  const { t } = useWords();
  const { api } = useSession();
  const { resource, reload: readAgain } = useResource(() => api.calendars(user.source, user.userId));
  return (
    <section className="card" aria-labelledby="calendar-title">
      <h2 id="calendar-title">{t('calendar.heading')}</h2>
      {resource.kind === 'loading' && <p className="quiet" role="status">{t('app.loading')}</p>}
      {resource.kind === 'failed' && <ProblemNotice problem={resource.problem} onRetry={() => void readAgain()} />}
      {resource.kind === 'there' && (
        <CalendarChoice
          calendars={resource.value}
          choose={async (calendarId) => {
            await api.chooseCalendar(user.source, user.userId, calendarId);
            // The card is another with the account that it brings.
            await Promise.all([reload(), readAgain()]);
          }}
        />
      )}
    </section>
  );
}

function CalendarChoice({ calendars, choose }: { readonly calendars: readonly GoogleCalendar[]; readonly choose: (calendarId: string) => Promise<void> }) {
  const { t } = useWords();
  const { busy, problem, attempt } = useAttempt();
  const chosen = calendars.find((one) => one.chosen);
  const [wanted, setWanted] = useState<GoogleCalendar>();
  const [asking, setAsking] = useState(false);
  if (calendars.length === 1 && chosen !== undefined) return <p>{t('calendar.only', { name: chosen.name })}</p>;
  const selected = wanted ?? chosen;
  const another = selected === undefined || selected.chosen ? undefined : selected;
  const confirm = async (calendar: GoogleCalendar): Promise<void> => {
    if (await attempt(() => choose(calendar.id))) setWanted(undefined);
    setAsking(false);
  };
  return (
    <>
      {chosen === undefined ? <Notice tone="warn">{t('calendar.gone')}</Notice> : <p>{t('calendar.intro')}</p>}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      <fieldset disabled={busy || asking}>
        <legend>{t('calendar.which')}</legend>
        {calendars.map((one) => (
          <label key={one.id} className="choice">
            <input type="radio" name="google-calendar" checked={one.id === selected?.id} onChange={() => setWanted(one)} /> {one.name}{one.primary && <small> {t('calendar.primary')}</small>}
          </label>
        ))}
      </fieldset>
      {asking && another !== undefined ? (
        <Confirmation yes={t('calendar.choose-yes')} busy={busy} onYes={() => void confirm(another)} onCancel={() => setAsking(false)}>
          <p>{t(chosen === undefined ? 'calendar.sure-gone' : 'calendar.sure', { name: another.name, old: chosen?.name ?? '' })}</p>
        </Confirmation>
      ) : (
        <div className="actions"><button type="button" disabled={another === undefined} onClick={() => setAsking(true)}>{t('calendar.choose')}</button></div>
      )}
    </>
  );
}
