import { describeOwner } from '../conformance/owner.ts';
import { makeAuthorOwner, makeEventOwner } from '../support/owners.ts';

describeOwner("the author service's SQL", makeAuthorOwner);
describeOwner("the conference service's SQL", makeEventOwner);
