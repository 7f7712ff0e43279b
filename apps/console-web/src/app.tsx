import { useEffect, useRef, useState } from 'react';
import type { TextKey } from './i18n/dutch';
import { useWords, type Language } from './i18n/language';
import { AdministrationsPage } from './pages/administrations-page';
import { LoginPage } from './pages/login-page';
import { QuestionsPage } from './pages/questions-page';
import { UserPage } from './pages/user-page';
import { UsersPage } from './pages/users-page';
import { ChangesList } from './parts/changes-list';
import { LockedSources } from './parts/locked-sources';
import { Notice } from './parts/notice';
import { Link, useRoute, type Route } from './route';
import { useSession } from './session';

export function App() {
  const { t } = useWords();
  const { state, ask } = useSession();
  return (
    <>
      <a className="skip" href="#content">{t('app.skip')}</a>
      <Header />
      {state.kind === 'asking' && <main id="content"><p className="quiet" role="status">{t('app.loading')}</p></main>}
      {state.kind === 'unreachable' && <main id="content"><Notice tone="bad"><p>{t('app.unreachable')}</p><button type="button" onClick={() => void ask()}>{t('app.retry')}</button></Notice></main>}
      {state.kind === 'out' && <LoginPage />}
      {state.kind === 'in' && <Pages />}
    </>
  );
}

function Header() {
  const { t, language, choose } = useWords();
  const { state, leave } = useSession();
  const route = useRoute();
  return (
    <header>
      <span className="brand"><img src="/assets/icon.svg" alt="" width="28" height="28" /> {t('app.name')}</span>
      {state.kind === 'in' && (
        <nav aria-label={t('app.name')}>
          <Link to="/" current={route.page === 'users' || route.page === 'user'}>{t('nav.users')}</Link>
          <Link to="/vragen" current={route.page === 'questions'}>{t('nav.questions')}</Link>
          <Link to="/administraties" current={route.page === 'administrations'}>{t('nav.administrations')}</Link>
          <Link to="/wijzigingen" current={route.page === 'changes'}>{t('nav.changes')}</Link>
        </nav>
      )}
      <div className="tools">
        <label><span className="hidden">{t('app.language')}</span>
          <select value={language} onChange={(event) => choose(event.target.value as Language)}><option value="nl">Nederlands</option><option value="en">English</option></select>
        </label>
        {state.kind === 'in' && <button type="button" className="plain" onClick={() => void leave()}>{t('app.logout')}</button>}
      </div>
    </header>
  );
}

const TITLES: Readonly<Record<Route['page'], TextKey>> = { users: 'users.title', user: 'users.title', questions: 'questions.title', administrations: 'administrations.title', changes: 'changes.title' };

function Pages() {
  const { t } = useWords();
  const route = useRoute();
  const [answers, setAnswers] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const place = route.page === 'user' ? [route.source, route.userId, route.tab, route.item].join('/') : route.page === 'administrations' ? [route.page, route.chosen?.source, route.chosen?.administrationId].join('/') : route.page;
  const first = useRef(true);
  useEffect(() => {
    document.title = t(TITLES[route.page]);
  }, [route.page, t]);
  useEffect(() => {
    // A new page is read from its heading; the first one from its top, as browsers do.
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [place]);
  return (
    <main id="content">
      <h1 ref={heading} tabIndex={-1}>{t(TITLES[route.page])}</h1>
      {/* What was answered changes every user: the page is read anew. */}
      <LockedSources onAnswered={async () => setAnswers((before) => before + 1)} />
      {route.page === 'users' && <UsersPage key={answers} />}
      {route.page === 'user' && <UserPage key={`${route.source}/${route.userId} ${answers}`} source={route.source} userId={route.userId} tab={route.tab} item={route.item} />}
      {route.page === 'questions' && <QuestionsPage key={answers} />}
      {route.page === 'administrations' && <AdministrationsPage key={answers} chosen={route.chosen} />}
      {route.page === 'changes' && <><p className="quiet">{t('changes.intro')}</p><section className="card"><ChangesList limit={200} /></section></>}
    </main>
  );
}
