import { describePublishedAppointments, describeWatermarks } from '../testing/capture-store-contract.js';
import { createMemoryPublished, createMemoryWatermarks } from './memory-capture.js';

describeWatermarks('watermarks in memory', createMemoryWatermarks);
describePublishedAppointments('published appointments in memory', createMemoryPublished);
