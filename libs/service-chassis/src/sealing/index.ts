export { KeyRing, SealError } from './key-ring.js';
