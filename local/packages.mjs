/** The folders of the workspaces, in the order in which they are built. */
export const packages = [
  'many-to-many',
  'common',
  'migrations',
  'services/author',
  'services/conference',
  'services/gateway',
  'local',
];
