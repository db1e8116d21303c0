// Gives every struct written inside another type a rule of its own (method.pipeline -> method-pipeline), so that the
// emitters meet structs only by name.

import { type CddlType, Model, type Rule } from './model.ts';

export function liftStructs(model: Model): Model {
  const rules = new Map<string, Rule>();
  for (const rule of model.rules.values()) {
    const lifted: Rule[] = [];
    const type = inside(rule.type, rule.name, rule, lifted);
    for (const one of [...lifted, { ...rule, type }]) {
      if (rules.has(one.name)) throw new Error(`${one.name}: lifted name is already taken`);
      rules.set(one.name, one);
    }
  }
  return new Model(rules);
}

/** The type with structs below its own top level replaced by references. */
function inside(type: CddlType, name: string, rule: Rule, lifted: Rule[]): CddlType {
  const lift = (part: CddlType, partName: string): CddlType => {
    const done = inside(part, partName, rule, lifted);
    if (done.kind !== 'struct') return done;
    lifted.push({ name: partName, type: done, doc: `Part of ${rule.name}.`, place: rule.place });
    return { kind: 'ref', name: partName, place: rule.place };
  };
  switch (type.kind) {
    case 'struct':
      return {
        ...type,
        members: type.members.map((member) => ({
          ...member,
          type: lift(member.type, `${name}-${member.key ?? 'number'}`),
        })),
      };
    case 'list':
    case 'table':
      return { ...type, item: lift(type.item, `${name}-item`) };
    case 'choice':
      return { ...type, options: type.options.map((option, index) => lift(option, `${name}-${index + 1}`)) };
    default:
      return type;
  }
}
