import { createHash } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../discovery/body.js';
import { invalid, required } from './google-error.js';
import { withoutNulls } from './without-nulls.js';

/** The one solution that the calendars here allow. */
const meet = 'hangoutsMeet';

/**
 * The conference of an event body, when the parameter says that it counts. A request makes a Meet link that is finished at once
 * (Google's follows a moment later); data of a conference that exists elsewhere is kept as it comes.
 * @param before the conference that the event has: its request isn't made a second time
 */
export function readConference(given: Json | undefined, before: Json | undefined): JsonObject | undefined {
  if (!isObject(given)) return undefined;
  const request = isObject(given['createRequest']) ? given['createRequest'] : undefined;
  const made = isObject(before) && isObject(before['createRequest']) ? before['createRequest']['requestId'] : undefined;
  if (request !== undefined && request['requestId'] !== made) return created(request);
  const kept = withoutNulls(given) as JsonObject;
  const points = kept['entryPoints'];
  if (!Array.isArray(points) || points.length === 0 || !isObject(kept['conferenceSolution'])) throw invalid('Invalid conference data.', 'conferenceData');
  for (const point of points as readonly Json[]) {
    if (!isObject(point) || typeof point['uri'] !== 'string' || !/^(https?|tel|sip):/.test(point['uri'])) throw invalid('Invalid conference entry point.', 'conferenceData');
  }
  return kept;
}

function created(request: JsonObject): JsonObject {
  const { requestId } = request;
  if (typeof requestId !== 'string' || requestId === '') throw required('Missing conference request id.', 'conferenceData');
  const key = isObject(request['conferenceSolutionKey']) ? request['conferenceSolutionKey']['type'] : meet;
  if (key !== meet) throw invalid('Invalid conference type value.', 'conferenceData');
  const code = codeOf(requestId);
  return {
    createRequest: { requestId, conferenceSolutionKey: { type: meet }, status: { statusCode: 'success' } },
    entryPoints: [{ entryPointType: 'video', uri: `https://meet.google.com/${code}`, label: `meet.google.com/${code}` }],
    conferenceSolution: { key: { type: meet }, name: 'Google Meet', iconUri: 'https://fonts.gstatic.com/s/i/productlogos/meet_2020q4/v6/web-512dp/logo_meet_2020q4_color_2x_web_512dp.png' },
    conferenceId: code,
  };
}

/** `hangoutLink`, which Google shows beside a Meet conference. */
export function meetLinkOf(conference: Json | undefined): string | undefined {
  if (!isObject(conference) || !isObject(conference['conferenceSolution'])) return undefined;
  const key = conference['conferenceSolution']['key'];
  if (!isObject(key) || key['type'] !== meet) return undefined;
  const points = Array.isArray(conference['entryPoints']) ? (conference['entryPoints'] as readonly Json[]) : [];
  const video = points.find((point) => isObject(point) && point['entryPointType'] === 'video');
  return isObject(video) && typeof video['uri'] === 'string' ? video['uri'] : undefined;
}

/** `abc-defg-hij`, as Meet writes them. */
function codeOf(requestId: string): string {
  const letters = Array.from(createHash('sha256').update(requestId).digest().subarray(0, 10), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
  return `${letters.slice(0, 3)}-${letters.slice(3, 7)}-${letters.slice(7)}`;
}
