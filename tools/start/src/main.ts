import '@calsync/deployment';
import '@calsync/local-servers';
