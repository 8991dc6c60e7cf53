/** Functions that the relation calls, for metrics and logs of adds and removes. None of them may throw. */
export interface RelationEvents {
  /** An add ended with this outcome. */
  added: (outcome: string) => void;
  /** A remove ended with this outcome. */
  removed: (outcome: string) => void;
  /** The withdrawal of an add's claim from one copy ended with this outcome. */
  withdrawn: (outcome: string) => void;
  /** A claim that should have been retired may still be in a copy. The reconciler will drop it if it is a half claim. */
  stranded: (requestIds: string[], reason: string) => void;
}
