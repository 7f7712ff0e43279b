export { SettingsError, chassisSettings, readSettings } from './settings.js';
export { EXIT_FAILED, EXIT_PORT_TAKEN, EXIT_SETTINGS, runMain } from './run-main.js';
export { type ServiceClock, systemClock } from './clock.js';
export { type LogLevel, type ServiceLogger, currentTraceparent, logger, setLogLevel, withLogContext, withTrace } from './log.js';
export { type TraceContext, nextTrace, parseTraceparent } from './trace.js';
export { type RetryingPolicy, retrying } from './retrying.js';
export { metrics } from './metrics.js';
export type { Check, CheckResult } from './check.js';
export { type LoopHealth, type LoopOptions, type RunningLoop, loopHealth, loopsCheck, runLoop } from './loop.js';
