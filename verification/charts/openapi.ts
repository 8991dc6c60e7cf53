/** A type in `/openapi/v2` of a Kubernetes API server. */
export interface Schema {
  type?: string;
  format?: string;
  $ref?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
  required?: string[];
  enum?: string[];
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

export type Definitions = Record<string, Schema>;

/** Returns the definition of a kind, or undefined if the server has none. */
export function definitionOf(definitions: Definitions, apiVersion: string, kind: string): Schema | undefined {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return Object.values(definitions).find((schema) =>
    schema['x-kubernetes-group-version-kind']?.some(
      (name) => name.kind === kind && name.version === version && name.group === group,
    ),
  );
}

/** Lists the violations of a schema by a value: unknown and missing fields and wrong types, one line each. */
export function faultsOf(definitions: Definitions, schema: Schema, value: unknown, path = ''): string[] {
  if (schema.$ref) {
    const name = schema.$ref.replace('#/definitions/', '');
    // a quantity may be written as a number
    if (/IntOrString$|Quantity$/.test(name)) return typeFaults(['string', 'integer', 'number'], value, path);
    const target = definitions[name];
    return target ? faultsOf(definitions, target, value, path) : [`${path}: the schema lacks ${name}`];
  }
  if (!schema.type) return schema.properties ? fieldFaults(definitions, schema, value, path) : [];
  const wrong = typeFaults([schema.type], value, path);
  if (wrong.length > 0) return wrong;
  if (schema.enum && !schema.enum.includes(String(value)))
    return [`${path}: ${String(value)} is not one of its values`];
  if (Array.isArray(value))
    return value.flatMap((item, i) => faultsOf(definitions, schema.items ?? {}, item, `${path}[${i}]`));
  return schema.type === 'object' ? fieldFaults(definitions, schema, value, path) : [];
}

function fieldFaults(definitions: Definitions, schema: Schema, value: unknown, path: string): string[] {
  const wrong = typeFaults(['object'], value, path);
  if (wrong.length > 0) return wrong;
  const fields = value as Record<string, unknown>;
  const missing = (schema.required ?? []).filter((name) => fields[name] === undefined);
  const free = !schema.properties && !schema.additionalProperties;
  return [
    ...missing.map((name) => `${path}.${name}: is missing`),
    ...Object.entries(fields).flatMap(([name, field]) => {
      const type = schema.properties?.[name] ?? schema.additionalProperties;
      if (type) return faultsOf(definitions, type, field, `${path}.${name}`);
      return free ? [] : [`${path}.${name}: is no field`];
    }),
  ];
}

function typeFaults(types: string[], value: unknown, path: string): string[] {
  const actual =
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'array'
        : typeof value === 'number' && Number.isInteger(value)
          ? 'integer'
          : typeof value;
  const fits = types.includes(actual) || (actual === 'integer' && types.includes('number'));
  return fits ? [] : [`${path}: is ${actual}, not ${types.join(' or ')}`];
}
