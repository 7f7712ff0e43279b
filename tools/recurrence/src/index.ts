export { icsEvents } from './golden.js';
export { startText, type IcsEvent, type Override } from './read-ics.js';
export { secondsOf, utcText, wallMs, wallTextOf } from './series.js';
export { isOnRule, movedBy, thirdOpinion } from './third-opinion.js';
