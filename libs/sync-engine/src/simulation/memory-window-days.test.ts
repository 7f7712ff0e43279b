import { describeWindowDayStore } from '../testing/window-day-store-contract.js';
import { createMemoryWindowDays } from './memory-window-days.js';

const store = createMemoryWindowDays();
describeWindowDayStore('the model of the window days', async () => store);
