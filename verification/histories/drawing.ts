export { drawHistory } from 'many-to-many/testing';
