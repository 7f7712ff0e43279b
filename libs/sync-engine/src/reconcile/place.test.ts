import { describe, expect, it } from 'vitest';
import { asInventiveId, type AppointmentRecord } from '@calsync/calendar-model';
import type { Account } from '../ports/account.js';
import { ACCOUNT, anAppointment } from '../testing/records.js';
import { UNSEEN, type InventiveSide } from './pair.js';
import { placeOf } from './place.js';

const [OURS, OTHER, THIRD] = [ACCOUNT.administrationId, asInventiveId('AD2'.padStart(32, '0')), asInventiveId('AD3'.padStart(32, '0'))];
const COLLEAGUE = asInventiveId('B2'.padStart(32, '0'));
const chosen: Account = { ...ACCOUNT, onlyAdministration: true };
const side = (record: AppointmentRecord, state: InventiveSide['state'] = 'known'): InventiveSide => ({ ...UNSEEN, state, record });
const row = (administrationId = OURS, ownerId = ACCOUNT.userId) => anAppointment({ administrationId, ownerId });

describe('where a pair stands', () => {
  it.each([
    ['in the chosen administration', OURS, side(row()), chosen, 'here'],
    ['moved to another administration', OURS, side(row(OTHER)), chosen, 'left'],
    ['moved there, of a pair that was never noted: nothing is deleted on a guess', undefined, side(row(OTHER)), chosen, 'frozen'],
    ['the setting was changed', OTHER, side(row(OTHER)), chosen, 'frozen'],
    ['the setting was changed, and the row followed', OTHER, side(row(OURS)), chosen, 'here'],
    ['the setting was changed, and the row went elsewhere', OTHER, side(row(THIRD)), chosen, 'frozen'],
    ['the setting was changed, and then the row was deleted', OTHER, side(row(OTHER), 'tombstone'), chosen, 'frozen'],
    ['deleted in the chosen administration', OURS, side(row(), 'tombstone'), chosen, 'here'],
    ['frozen, and given to a colleague', OTHER, side(row(OTHER, COLLEAGUE)), chosen, 'frozen'],
    ['given to a colleague', OURS, side(row(OURS, COLLEAGUE)), chosen, 'left'],
    ['never read', OURS, UNSEEN, chosen, 'here'],
    ['nobody chose an administration', OURS, side(row(OTHER)), ACCOUNT, 'here'],
    ['nobody chose an administration, given to a colleague', OURS, side(row(OTHER, COLLEAGUE)), ACCOUNT, 'left'],
  ] as const)('%s', (_name, administrationId, inventive, account, kind) => {
    expect(placeOf({ inventive, ...(administrationId === undefined ? {} : { administrationId }) }, account).kind).toBe(kind);
  });
});
