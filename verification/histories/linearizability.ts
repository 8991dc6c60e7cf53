export { checkPair, type State, type Verdict } from 'many-to-many/testing';
