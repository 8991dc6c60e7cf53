// Run by `helm test` in a pod that is not the gateway's. With network policies, both ports must be closed to it;
// without, both must answer.
const { SERVICE, LIST, POLICIES } = process.env;
const management = new URL(SERVICE);
management.port = String(Number(management.port) + 1_000);

async function get(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.text();
    return String(response.status);
  } catch (error) {
    return `no answer (${error.cause?.code ?? error.name})`;
  }
}

const expected = POLICIES === 'true' ? /^no answer \((?!ENOTFOUND)/ : /^200$/;
for (const url of [new URL(LIST, SERVICE), new URL('/readyz', management)]) {
  const answer = await get(url);
  const ok = expected.test(answer);
  console.log(`${ok ? 'ok' : 'NOT OK'}: from another pod, GET ${url}: ${answer}`);
  if (ok) continue;
  if (POLICIES === 'true')
    console.log('The cluster does not enforce NetworkPolicies, or another policy opens this port.');
  process.exitCode = 1;
}
