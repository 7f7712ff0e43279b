import { describeCalendarStates, describeChannels } from '../testing/receive-store-contract.js';
import { createMemoryCalendars, createMemoryChannels } from './memory-receive.js';

describeCalendarStates('calendars in memory', createMemoryCalendars);
describeChannels('channels in memory', createMemoryChannels);
