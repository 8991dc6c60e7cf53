import { describeCopy } from '../conformance/describeCopy.ts';
import { describeListByConference } from '../conformance/listByConference.ts';
import { describeReadAttendees } from '../conformance/readAttendees.ts';
import { makeAuthorCopy, makeConferenceCopy } from '../support/sqlCopies.ts';

describeCopy("the author service's SQL", makeAuthorCopy, describeReadAttendees);
describeCopy("the conference service's SQL", makeConferenceCopy, describeListByConference);
