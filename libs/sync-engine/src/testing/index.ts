export { describeComparisonStore } from './comparison-store-contract.js';
export { describePairStore } from './pair-store-contract.js';
export { describeJoiningStores } from './unpaired-store-contract.js';
export { describeWindowDayStore } from './window-day-store-contract.js';
export { describeSeriesStore } from './series-store-contract.js';
export { ACCOUNT, WHEN, anAppointment, anEvent } from './records.js';
export { describeCalendarStates, describeChannels } from './receive-store-contract.js';
export { describePublishedAppointments, describeWatermarks } from './capture-store-contract.js';
