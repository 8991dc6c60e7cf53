export { createRandom, type Random } from 'many-to-many/testing';
