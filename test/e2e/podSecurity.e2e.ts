import { expect } from 'chai';
import { imageOf, namespace } from './support/cluster.ts';
import { attempt } from './support/command.ts';

describe('Pod Security', () => {
  it('refuses a pod that asks for more than "restricted" allows', async () => {
    const image = await imageOf('gateway-service');
    const { code, stderr } = await attempt('kubectl', ['run', 'root', `--image=${image}`, '--privileged']);
    expect(code).to.not.equal(0);
    expect(stderr).to.include('violates PodSecurity "restricted:latest"');
  });

  it('accepts every running pod', async () => {
    const level = 'pod-security.kubernetes.io/enforce=restricted';
    const { code, stderr } = await attempt('kubectl', [
      'label',
      '--dry-run=server',
      '--overwrite',
      'ns',
      namespace,
      level,
    ]);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
  });
});
