import { eventually, serversOf } from './cluster.ts';
import { kubectl, run } from './command.ts';

/** Changes keys of a secret; null removes one. */
export async function changeSecret(name: string, changes: Record<string, string | null>): Promise<void> {
  const encoded = Object.entries(changes).map(([key, value]) => {
    return [key, value === null ? null : Buffer.from(value).toString('base64')] as const;
  });
  await kubectl('patch', 'secret', name, '--patch', JSON.stringify({ data: Object.fromEntries(encoded) }));
}

/** Waits until a file in the pods of these releases has this text; an empty text means that there is no such file. */
export async function waitForFile(releases: readonly string[], file: string, text: string): Promise<void> {
  const read = (pod: string) => run('kubectl', ['exec', pod, '--', 'sh', '-c', `test ! -e ${file} || cat ${file}`]);
  const waitFor = (release: string) =>
    eventually(`${file} of ${release} has changed`, 150, async () => {
      const pods = (await serversOf(release)).map(({ metadata }) => metadata.name);
      // the kubelet brings a secret to a pod when the pod changes, and else after about a minute
      await kubectl('annotate', 'pods', ...pods, '--overwrite', `secrets-changed-at=${Date.now()}`);
      return (await Promise.all(pods.map(read))).every((found) => found === text);
    });
  await Promise.all(releases.map(waitFor));
}
