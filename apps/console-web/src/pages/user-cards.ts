import type { SourceView, UserView } from '../api/types';

/** What every card of a user's page gets. `source`: absent while that Inventive server is unknown. */
export interface UserCardProps {
  readonly user: UserView;
  readonly source: SourceView | undefined;
  readonly reload: () => Promise<void>;
  /** The one of the tab's list that the address names. */
  readonly item?: string;
}
