/** One deliberate mistake in the product: the random histories must notice it, or they prove nothing about that rule. */
export interface Mutation {
  readonly name: string;
  /** What goes wrong with it, and for whom. */
  readonly means: string;
  /** From the folder of the libs. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Part of the title of the only property that reaches it; by default it is looked for in all of them. */
  readonly property?: string;
}

const work = 'sync-engine/src/reconcile/work-pair.ts';
const writing = 'sync-engine/src/reconcile/write-step.ts';
const planning = 'sync-engine/src/reconcile/plan-pair.ts';
const executing = 'sync-engine/src/reconcile/execute-act.ts';
const learning = 'sync-engine/src/reconcile/learn.ts';
const core = 'sync-core/src/plan.ts';
const people = 'sync-core/src/participants.ts';

/** `npm run test:mutations` makes them one at a time and says which property caught each, after how many histories. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the base moves before the write was accepted',
    means: 'a refused write counts as agreed: the edit is undone by the other side’s old value',
    file: writing,
    find: '{ ...before, intent });',
    replace: "{ ...before, intent, ...('settled' in intent ? { base: intent.settled } : {}) });",
  },
  {
    name: 'absence reads as deletion',
    means: 'a 404 deletes what stands on the other side',
    file: 'sync-engine/src/reconcile/read-sides.ts',
    find: "(state === 'tombstone' ? state : 'unknown')",
    replace: "('tombstone' as typeof state)",
  },
  {
    name: 'an edit does not beat a delete of the event',
    means: 'what was typed at the desk goes with the event',
    file: core,
    find: 'if (uneditedInventive(base, inventive.fields, context))',
    replace: 'if (uneditedInventive(base, inventive.fields, context) || google.kind === \'tombstone\')',
  },
  {
    name: 'an edit does not beat a delete of the row',
    means: 'what was typed in Google goes with the row',
    file: core,
    find: 'if (uneditedGoogle(base, google.fields, context))',
    replace: 'if (uneditedGoogle(base, google.fields, context) || inventive.kind === \'tombstone\')',
  },
  {
    name: 'the intent is not stored before the call',
    means: 'after a crash nobody knows what was about to be done',
    file: writing,
    find: '{ ...before, intent });',
    replace: 'before);',
  },
  {
    name: 'the losing value of a conflict is not kept',
    means: 'what somebody typed is nowhere',
    file: 'sync-engine/src/reconcile/lost-values.ts',
    find: '  if (lost.length === 0) return {};',
    replace: '  if (lost.length >= 0) return {};',
  },
  {
    name: 'an older message overwrites what is known',
    means: 'news that come late or twice undo newer ones',
    file: learning,
    find: "    case 'older':\n      return { kind: 'same' };\n  }\n}\n\n/**\n * A deletion is told",
    replace: "    case 'older':\n      return changed(eventTold(known, record, base, now, zone));\n  }\n}\n\n/**\n * A deletion is told",
  },
  {
    name: 'an answer is believed over news that came during the call',
    means: 'a deletion or restoration told meanwhile is forgotten',
    file: executing,
    find: 'return current.needsRead || undone ? { ...answered, needsRead: true } : answered;',
    replace: 'return undone && current.needsRead && false ? { ...answered, needsRead: true } : answered;',
    property: 'while a call hangs',
  },
  {
    name: 'the key of a deleted row is used again',
    means: 'its old deletion is taken for that of the new appointment',
    file: executing,
    find: "const burnt = (pair.inventive.state === 'tombstone' && (row === undefined || row.id === pair.appointmentId)) || theirs;",
    replace: 'const burnt = theirs;',
    property: 'is made anew, whatever dies',
  },
  {
    name: 'each try to make a row anew chooses another key',
    means: 'a worker that hung makes it a second time',
    file: executing,
    find: "(pair.inventive.state === 'tombstone' && (row === undefined || row.id === pair.appointmentId))",
    replace: "(pair.inventive.state === 'tombstone')",
    property: 'while a call hangs',
  },
  {
    name: 'a void row is taken for any other',
    means: 'an appointment that was called off stands in Google',
    file: planning,
    find: "inventiveVoid: row?.status === 'void',",
    replace: 'inventiveVoid: false,',
  },
  {
    name: 'a row of another user is still one’s own',
    means: 'an appointment that was handed over stands in two agendas',
    file: 'sync-engine/src/reconcile/place.ts',
    find: "  if (row.ownerId !== account.userId) return { kind: 'left', reason: 'left-agenda' };\n",
    replace: '',
  },
  {
    name: 'settings of the beginning hold to the end',
    means: 'a pair that was settled under old settings stays so',
    file: work,
    find: '      const account = await this.parts.accounts.byId(claimed.accountId);',
    replace: '      const account = await (this.accountOf ??= new Map()).get(claimed) ?? this.accountOf.set(claimed, await this.parts.accounts.byId(claimed.accountId)).get(claimed);',
    property: 'while a call hangs',
  },
  {
    name: 'a mark counts without naming its own event',
    means: 'a copied event takes the appointment of the original',
    file: 'sync-core/src/match-sides.ts',
    find: 'return named !== undefined && named.slice(0, named.lastIndexOf(\'.\')) === eventId;',
    replace: 'return named !== undefined && (eventId as string) !== \'\';',
    property: 'a copy is an event of its own, whatever',
  },
  {
    name: 'an occurrence is known by its own id alone',
    means: 'a series that was split or moved is deleted and made again',
    file: 'sync-engine/src/reconcile/bind-series.ts',
    find: '  bindRest(({ occurrence }) => (occurrence === undefined ? undefined : open.get(nameOf(occurrence))));\n',
    replace: '  bindRest((pair) => [...open.values()].find(({ id }) => id === pair.eventId && pair.occurrence === undefined));\n',
    property: 'the same rows',
  },
  {
    name: 'what a series no longer has is left standing',
    means: 'cancelled occurrences stay in Inventive',
    file: 'sync-engine/src/reconcile/work-series.ts',
    find: '    for (const pair of lost) due.push(',
    replace: '    for (const pair of lost.slice(0, 0)) due.push(',
    property: 'recurring events, too',
  },
  {
    name: 'a reply is overwritten by the other side’s older one',
    means: 'who accepts at the desk stands there as unanswered again',
    file: people,
    find: '  if (!isNews(person, mine)) return fromGoogle;',
    replace: '  if (!isNews(person, mine) || !isNews(person, theirs)) return fromGoogle;',
    property: 'guests, invitations and replies',
  },
  {
    name: 'a guest of an outside event is written',
    means: 'the list of somebody else is changed for them',
    file: 'sync-engine/src/reconcile/people-step.ts',
    find: 'invitation: isReadOnly(event),',
    replace: 'invitation: false && isReadOnly(event),',
    property: 'guests, invitations and replies',
  },
  {
    name: 'an organiser’s event is deleted with its row',
    means: 'who tidies up an agenda calls off the meeting of others',
    file: 'sync-engine/src/reconcile/read-only-event.ts',
    find: '  return {\n    googleReadOnly: true,',
    replace: '  if (isTakenOff(pair)) return { googleReadOnly: false };\n  return {\n    googleReadOnly: true,',
    property: 'guests, invitations and replies',
  },
  {
    name: 'guests are told though nobody turned it on',
    means: 'everybody in an agenda is mailed',
    file: people,
    find: "(guests === 'mail' && isAhead && (base",
    replace: "(guests !== 'off' && isAhead && (base",
    property: 'guests, invitations and replies',
  },
  {
    name: 'whom the desk adds is taken out again',
    means: 'not being in Google yet reads as taken out there',
    file: people,
    find: '  if (person.agreed !== undefined) {',
    replace: '  if (person.rows.length > 0) {',
    property: 'guests, invitations and replies',
  },
  {
    name: 'after a lost answer all guests count as written',
    means: 'whom a call that failed was to add is taken out of the row',
    file: 'sync-engine/src/reconcile/people-act.ts',
    find: '(email, meant) => guests.get(email) === meant)',
    replace: '(email, meant) => guests.get(email) === meant || true)',
    property: 'both lists end alike, the room stays',
  },
  {
    name: 'nobody waits between two writes',
    means: 'who drags an appointment uses up the quota',
    file: 'sync-engine/src/reconcile/next-step.ts',
    find: 'const PACE = { writes: 2,',
    replace: 'const PACE = { writes: 2_000,',
    property: 'more than twice a second',
  },
  {
    name: 'a colleague’s meeting is a row of the guest’s own, too',
    means: 'one meeting stands in Inventive once for each who is in it',
    file: 'sync-engine/src/reconcile/colleagues.ts',
    find: '  if (organiser === undefined) return undefined;',
    replace: '  if (organiser === undefined || organiser.id !== account.id) return undefined;',
    property: 'it stands in Inventive once',
  },
];
