/** `npm run test:mutations`: shows that the random histories notice deliberate mistakes in the product. */
import { handOver } from './first-stage.mjs';

handOver('tools/run-mutations.mjs', process.argv.slice(2));
