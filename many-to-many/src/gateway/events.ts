/** What is worth counting of adds and removes. */
export interface RelationEvents {
  /** An add ended with this outcome. */
  added: (outcome: string) => void;
  /** A remove ended with this outcome. */
  removed: (outcome: string) => void;
  /** The withdrawal of an add's claim from one copy ended with this outcome. */
  withdrawn: (outcome: string) => void;
  /** A claim that should have been retired may have stayed in one copy, where it is invisible. */
  stranded: (requestIds: string[], reason: string) => void;
}
