export { conformance, type ConformanceTest } from './conformance/conformance.ts';
export { type PlantedClaim, type Subject } from './conformance/subject.ts';
