import fc from 'fast-check';
import type { CallFate } from '../simulation/call-fate.js';
import type { EverythingStep } from '../simulation/everything-history.js';
import type { EventChange, PersonStep, RowChange } from '../simulation/history-people.js';
import type { GuestStep } from '../simulation/history-guests.js';
import { FIRSTS, type SeriesStep } from '../simulation/history-series.js';
import type { SettingsChange, TroubleStep } from '../simulation/history-trouble.js';
import { GOOGLE_WHENS, WHENS } from '../simulation/history-whens.js';
import type { ModelRule } from '../simulation/model-rule.js';
import { DEFAULT_RULES } from '../ports/account.js';
import type { ReconcileStep } from '../reconcile/index.js';

/** What the random histories are drawn from, each step as often as its weight says. */
const side = fc.constantFrom('inventive' as const, 'google' as const);
const moment = fc.constantFrom('before' as const, 'after' as const);
const item = fc.nat(5);
const how = fc.constantFrom('type' as const, 'type' as const, 'type' as const, 'clear' as const);
const privacy = fc.record({ field: fc.constant('privacy' as const), to: fc.constantFrom('public' as const, 'private' as const) });

const rowChange: fc.Arbitrary<RowChange> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ field: fc.constantFrom('subject' as const, 'location' as const, 'notes' as const), how }) },
  { weight: 3, arbitrary: fc.record({ field: fc.constant('when' as const), to: fc.nat(WHENS.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ field: fc.constant('showAs' as const), to: fc.constantFrom('busy' as const, 'free' as const, 'tentative' as const, 'away' as const) }) },
  { weight: 1, arbitrary: privacy },
  { weight: 1, arbitrary: fc.record({ field: fc.constant('reminder' as const), to: fc.constantFrom(0, 15, 60, 'default' as const) }) },
);
const eventChange: fc.Arbitrary<EventChange> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ field: fc.constantFrom('subject' as const, 'location' as const, 'description' as const), how }) },
  { weight: 3, arbitrary: fc.record({ field: fc.constant('when' as const), to: fc.nat(GOOGLE_WHENS.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ field: fc.constant('showAs' as const), to: fc.constantFrom('busy' as const, 'free' as const, 'tentative' as const) }) },
  { weight: 1, arbitrary: privacy },
  {
    weight: 1,
    arbitrary: fc.record({
      field: fc.constant('reminders' as const),
      to: fc.constantFrom(
        { useDefault: true, overrides: [] }, { useDefault: false, overrides: [] }, { useDefault: false, overrides: [{ method: 'popup', minutes: 30 }] },
        { useDefault: false, overrides: [{ method: 'email', minutes: 1440 }, { method: 'popup', minutes: 5 }, { method: 'popup', minutes: 60 }] },
      ),
    }),
  },
);

export type Weighted = fc.WeightedArbitrary<EverythingStep>;
const person = (weight: number, arbitrary: fc.Arbitrary<PersonStep>): Weighted => ({ weight, arbitrary: arbitrary.map((step) => ({ by: 'person' as const, ...step })) });
const organiser = (weight: number, arbitrary: fc.Arbitrary<SeriesStep>): Weighted => ({ weight, arbitrary: arbitrary.map((step) => ({ by: 'organiser' as const, ...step })) });
const product = (weight: number, arbitrary: fc.Arbitrary<TroubleStep>): Weighted => ({ weight, arbitrary: arbitrary.map((step) => ({ by: 'product' as const, ...step })) });

export const people: readonly Weighted[] = [
  person(4, fc.record({ do: fc.constantFrom('new-row' as const, 'new-event' as const), when: fc.nat(WHENS.length - 1) })),
  person(7, fc.record({ do: fc.constant('edit-row' as const), item, change: rowChange })),
  person(7, fc.record({ do: fc.constant('edit-event' as const), item, change: eventChange })),
  person(4, fc.record({ do: fc.constantFrom('remove-row' as const, 'remove-event' as const, 'restore-event' as const, 'copy-event' as const, 'copy-row' as const), item })),
  person(1, fc.record({ do: fc.constant('hand-over' as const), item, to: fc.constantFrom('colleague' as const, 'back' as const) })),
  person(1, fc.record({ do: fc.constant('move-administration' as const), item, to: fc.constantFrom('other' as const, 'back' as const) })),
  person(1, fc.record({ do: fc.constant('set-status' as const), item, to: fc.constantFrom('void' as const, 'planned' as const, 'done' as const) })),
  person(1, fc.record({ do: fc.constant('on-both-sides' as const), when: fc.nat(WHENS.length - 1) })),
  person(1, fc.record({ do: fc.constant('empty-bin' as const) })),
];
export const rule: fc.Arbitrary<ModelRule> = fc.oneof(
  fc.record({ every: fc.constantFrom('day' as const, 'week' as const), interval: fc.integer({ min: 1, max: 3 }), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ every: fc.constantFrom('day' as const, 'week' as const), interval: fc.integer({ min: 1, max: 3 }), untilOn: fc.constantFrom('2026-11-28', '2026-12-04', '2026-12-12') }),
  fc.constant<ModelRule>({ every: 'week', interval: 3 }),
);
const occurrence = fc.nat(12);
const contentChange = fc.oneof(
  fc.record({ field: fc.constantFrom('subject' as const, 'location' as const, 'description' as const), how }),
  fc.record({ field: fc.constant('showAs' as const), to: fc.constantFrom('busy' as const, 'free' as const, 'tentative' as const) }),
  privacy,
);
export const series: readonly Weighted[] = [
  organiser(2, fc.record({ do: fc.constant('new-series' as const), first: fc.nat(FIRSTS.length - 1), rule })),
  organiser(3, fc.record({ do: fc.constant('edit-occurrence' as const), item: occurrence, change: eventChange })),
  organiser(4, fc.record({ do: fc.constantFrom('cancel-occurrence' as const, 'restore-occurrence' as const, 'exclude-occurrence' as const, 'remove-following' as const), item: occurrence })),
  organiser(1, fc.record({ do: fc.constant('remove-series' as const), item })),
  organiser(1, fc.record({ do: fc.constant('to-single' as const), item })),
  organiser(3, fc.record({ do: fc.constantFrom('edit-series' as const, 'edit-following' as const), item: occurrence, change: contentChange, shiftMinutes: fc.constantFrom(0 as const, 0 as const, 30 as const, 60 as const) })),
  organiser(1, fc.record({ do: fc.constant('new-rule' as const), item, rule })),
  organiser(1, fc.record({ do: fc.constant('to-series' as const), item, rule })),
];
const reply = fc.constantFrom('none' as const, 'accepted' as const, 'declined' as const, 'maybe' as const);
const change = { item: fc.nat(8), what: fc.constantFrom('add' as const, 'add' as const, 'remove' as const, 'answer' as const), who: fc.nat(5), reply };
const ofGuests = (weight: number, arbitrary: fc.Arbitrary<GuestStep>): Weighted => ({ weight, arbitrary: arbitrary.map((step) => ({ by: 'guests' as const, ...step })) });
const when = fc.nat(GOOGLE_WHENS.length - 1);
export const guests: readonly Weighted[] = [
  ofGuests(6, fc.record({ do: fc.constant('seat' as const), ...change })),
  ofGuests(6, fc.record({ do: fc.constant('invite' as const), scope: fc.constantFrom('one' as const, 'one' as const, 'all' as const), ...change })),
  ofGuests(4, fc.record({ do: fc.constantFrom('answer-at-desk' as const, 'answer-in-google' as const), item, reply })),
  ofGuests(3, fc.record({ do: fc.constant('invited' as const), when, shows: fc.constantFrom('everybody' as const, 'everybody' as const, 'everybody' as const, 'only-self' as const), recurs: fc.constantFrom('once' as const, 'once' as const, 'once' as const, 'weekly' as const) })),
  ofGuests(1, fc.record({ do: fc.constant('special' as const), when, type: fc.constantFrom('birthday' as const, 'focusTime' as const, 'outOfOffice' as const, 'workingLocation' as const, 'fromGmail' as const) })),
  ofGuests(5, fc.record({ do: fc.constantFrom('edit-invitation' as const, 'edit-invitation' as const, 'cancel-invitation' as const, 'remove-invited-row' as const, 'edit-invited-row' as const), item, to: when })),
  ofGuests(1, fc.record({ do: fc.constant('refuse-guests' as const) })),
];
export const ruleChanges: readonly Weighted[] = [
  product(2, fc.record({ do: fc.constant('settings' as const), change: fc.record({ rules: fc.oneof(
    { weight: 3, arbitrary: fc.record({ guests: fc.constantFrom('off' as const, 'silent' as const, 'silent' as const, 'mail' as const) }) },
    { weight: 1, arbitrary: fc.record({ deletedInvitation: fc.constantFrom('decline' as const, 'nothing' as const) }) },
    { weight: 1, arbitrary: fc.record({ invitations: fc.constantFrom('import' as const, 'skip' as const) }) },
    { weight: 1, arbitrary: fc.constantFrom('import' as const, 'skip' as const).map((focusTime) => ({ eventTypes: { ...DEFAULT_RULES.eventTypes, focusTime } })) },
  ) }) })),
];

export const settings: readonly Weighted[] = [
  product(1, fc.record({ do: fc.constant('settings' as const), change: fc.oneof<fc.Arbitrary<SettingsChange>[]>(
    fc.record({ conflictPolicy: fc.constantFrom('latest-wins' as const, 'inventive-wins' as const, 'google-wins' as const) }),
    fc.record({ privateContent: fc.constantFrom('full' as const, 'busy-only' as const) }),
    fc.record({ descriptionFields: fc.constantFrom(['notes', 'relation.name'], ['relation.name']) }),
    fc.record({ daysBefore: fc.constantFrom(0, 30, 60), daysAfter: fc.constantFrom(7, 90, 150) }),
    fc.record({ direction: fc.constantFrom('both' as const, 'to-google' as const, 'to-inventive' as const) }),
    fc.constant({ onlyAdministration: true }),
    fc.record({ on: fc.boolean() }),
  ) })),
];
export const crashes: readonly Weighted[] = [
  product(1, fc.record({ do: fc.constant('work-and-stall' as const), when: moment })),
  product(1, fc.record({ do: fc.constantFrom('go-on' as const, 'restart' as const) })),
  product(1, fc.record({ do: fc.constant('kill' as const), step: fc.constantFrom<ReconcileStep>('reconcile:after-intent-before-call', 'reconcile:after-call-before-save', 'reconcile:after-save-before-finish') })),
  product(1, fc.record({ do: fc.constant('kill-in' as const), calls: fc.nat(6), when: moment })),
  product(1, fc.record({ do: fc.constant('fate' as const), fate: fc.constantFrom<CallFate>('fails', 'applies-then-fails') })),
];
export const deliveries: readonly Weighted[] = [
  product(5, fc.record({ do: fc.constant('deliver' as const), side })),
  product(1, fc.record({ do: fc.constant('rewind' as const), side, to: fc.nat(20) })),
  product(1, fc.record({ do: fc.constant('again' as const), side, which: fc.nat(30) })),
  product(3, fc.record({ do: fc.constant('deliver-all' as const) })),
  product(9, fc.record({ do: fc.constant('work' as const) })),
];
const losses: readonly Weighted[] = [
  product(1, fc.record({ do: fc.constant('lose' as const), side })),
  product(1, fc.record({ do: fc.constant('hide' as const), side, item })),
  product(1, fc.record({ do: fc.constant('show' as const) })),
];
export const days: readonly Weighted[] = [
  product(3, fc.record({ do: fc.constantFrom('join' as const, 'join' as const, 'roll' as const) })),
  product(1, fc.record({ do: fc.constant('pass-days' as const), days: fc.integer({ min: 1, max: 12 }) })),
];
export const rebuild = product(1, fc.record({ do: fc.constant('lose-database' as const) }));
export const machinery: readonly Weighted[] = [...deliveries, ...losses, ...days, ...crashes];

/** One appointment, and whatever may come between two steps: so near to one another that everything meets. */
export const one: readonly Weighted[] = [
  person(2, fc.record({ do: fc.constant('new-row' as const), when: fc.constant(0) })),
  person(6, fc.record({ do: fc.constant('edit-row' as const), item: fc.constant(0), change: fc.record({ field: fc.constantFrom('subject' as const, 'location' as const, 'notes' as const), how: fc.constant('type' as const) }) })),
  person(6, fc.record({ do: fc.constant('edit-event' as const), item: fc.constant(0), change: fc.record({ field: fc.constantFrom('subject' as const, 'location' as const, 'description' as const), how: fc.constant('type' as const) }) })),
  person(5, fc.record({ do: fc.constantFrom('remove-row' as const, 'remove-event' as const, 'restore-event' as const), item: fc.constant(0) })),
];

/** Of their full length: by default fast-check draws five steps on average, in which nothing meets. */
export const historyOf = (steps: readonly Weighted[], maxLength: number): fc.Arbitrary<readonly EverythingStep[]> => fc.array(fc.oneof(...steps), { maxLength, size: 'max' });
