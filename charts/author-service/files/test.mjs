// Run by `helm test` in a pod that is not the gateway's: to it both ports have to be closed. With policies off, the
// API answers from its database.
const { SERVICE, PATH_OF_A_LIST, POLICIES } = process.env;
const management = new URL(SERVICE);
management.port = String(Number(management.port) + 1_000);

async function answer(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.text();
    return String(response.status);
  } catch (error) {
    return `no answer (${error.cause?.code ?? error.name})`;
  }
}

const wanted = POLICIES === 'true' ? /^no answer \((?!ENOTFOUND)/ : /^200$/;
for (const url of [new URL(PATH_OF_A_LIST, SERVICE), new URL('/readyz', management)]) {
  const is = await answer(url);
  const right = wanted.test(is);
  console.log(`${right ? 'ok' : 'NOT OK'}: from a foreign pod, GET ${url}: ${is}`);
  if (right) continue;
  if (POLICIES === 'true')
    console.log('The cluster does not enforce NetworkPolicies, or another policy opens this port.');
  process.exitCode = 1;
}
