export { icsEvents } from './golden.js';
export { startText, type IcsEvent, type Override } from './read-ics.js';
export { secondsOf, wallMs, wallText, wallTextOf } from './series.js';
