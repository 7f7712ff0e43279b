import { describe } from 'vitest';
import { chromiumPath } from './testing/chromium.js';
import { describeAdministrations } from './testing/pages/administrations.js';
import { describeAppointments } from './testing/pages/appointments.js';
import { describeCalendars } from './testing/pages/calendars.js';
import { describeChangesPage } from './testing/pages/changes.js';
import { describeComparisons } from './testing/pages/comparisons.js';
import { PagesUnderTest } from './testing/pages/pages-under-test.js';
import { describeQuestions } from './testing/pages/questions.js';
import { describeSettings } from './testing/pages/settings.js';
import { describeStates } from './testing/pages/states.js';
import { describeUsersPage } from './testing/pages/users.js';

if (chromiumPath === undefined) console.warn('no Chromium on this machine (CHROMIUM may name one): the pages are not tried');

/** A file a subject in testing/pages; together here, so that they share one console and one browser. */
describe.skipIf(chromiumPath === undefined)('the pages, in a browser:', () => {
  const at = new PagesUnderTest();
  at.begin();
  describe('users and their links', () => {
    describeUsersPage(at);
  });
  describe('settings', () => {
    describeSettings(at);
  });
  describe('administrations', () => {
    describeAdministrations(at);
  });
  describe('changes', () => {
    describeChangesPage(at);
  });
  describe('questions', () => {
    describeQuestions(at);
  });
  describe('appointments', () => {
    describeAppointments(at);
  });
  describe('comparisons', () => {
    describeComparisons(at);
  });
  describe('calendars', () => {
    describeCalendars(at);
  });
  describe('states', () => {
    describeStates(at);
  });
});
