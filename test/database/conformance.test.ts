import { describeListByConference } from '../conformance/listByConference.ts';
import { describeOwner } from '../conformance/owner.ts';
import { describeReadAttendees } from '../conformance/readAttendees.ts';
import { makeAuthorOwner, makeEventOwner } from '../support/owners.ts';

describeOwner("the author service's SQL", makeAuthorOwner, describeReadAttendees);
describeOwner("the conference service's SQL", makeEventOwner, describeListByConference);
