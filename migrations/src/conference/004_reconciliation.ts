export { down, up } from '../reconciliation.ts';
