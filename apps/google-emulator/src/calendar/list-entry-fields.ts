import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import type { ListEntry } from '../state/records.js';
import { calendarColours } from './colors-get.js';
import { readReminderList } from './event-fields.js';
import { invalid } from './google-error.js';

const notificationTypes: readonly unknown[] = ['eventCreation', 'eventChange', 'eventCancellation', 'eventResponse', 'agenda'];

/**
 * What a person set for a calendar in his list.
 * @param byRgb the colours are given as such (`colorRgbFormat`), else by their id alone
 * @param before what stands there, for colours that this body can't set
 */
export function readEntryFields(body: JsonObject, byRgb: boolean, before: ListEntry['fields'] = {}): ListEntry['fields'] {
  const { summaryOverride, defaultReminders, notificationSettings } = body;
  return {
    ...(typeof summaryOverride === 'string' && summaryOverride !== '' ? { summaryOverride } : {}),
    ...(byRgb ? readRgb(body) : readColour(body, before)),
    ...(body['hidden'] === true ? { hidden: true as const } : {}),
    ...(body['selected'] === false ? { selected: false as const } : {}),
    ...(Array.isArray(defaultReminders) ? { defaultReminders: readReminderList(defaultReminders as readonly Json[]) } : {}),
    ...(isObject(notificationSettings) ? { notificationSettings: readNotifications(notificationSettings) } : {}),
  };
}

function readColour(body: JsonObject, before: ListEntry['fields']): Partial<ListEntry['fields']> {
  const { colorId } = body;
  if (typeof colorId !== 'string' || colorId === '') return {};
  if (calendarColours[Number(colorId) - 1] === undefined) throw invalid('Invalid color id.', 'colorId');
  const own = before.colorId === colorId ? { ...(before.backgroundColor === undefined ? {} : { backgroundColor: before.backgroundColor }), ...(before.foregroundColor === undefined ? {} : { foregroundColor: before.foregroundColor }) } : {};
  return { colorId, ...own };
}

/** The id that comes with colours given as such is that of the nearest one. */
function readRgb(body: JsonObject): Partial<ListEntry['fields']> {
  const { backgroundColor, foregroundColor } = body;
  for (const [name, colour] of Object.entries({ backgroundColor, foregroundColor })) if (colour != null && !/^#[0-9a-f]{6}$/i.test(String(colour))) throw invalid('Invalid color value.', name);
  if (typeof backgroundColor !== 'string') return {};
  const parts = (colour: string): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const distance = (colour: string): number => parts(colour).reduce((sum, part, index) => sum + (part - (parts(backgroundColor)[index] ?? 0)) ** 2, 0);
  const nearest = calendarColours.map(distance);
  return { colorId: String(nearest.indexOf(Math.min(...nearest)) + 1), backgroundColor, ...(typeof foregroundColor === 'string' ? { foregroundColor } : {}) };
}

function readNotifications(settings: JsonObject): JsonObject {
  const given = Array.isArray(settings['notifications']) ? (settings['notifications'] as readonly Json[]) : [];
  const notifications = given.map((one) => {
    if (!isObject(one) || one['method'] !== 'email' || !notificationTypes.includes(one['type'])) throw invalid('Invalid notification.', 'notificationSettings');
    return { type: one['type'] ?? null, method: 'email' };
  });
  return { notifications };
}
