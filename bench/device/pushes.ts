// Inputs as the bytes of pushes: numbers, and the structs that cores take one of each beat or sample.

/** A field of a struct: its type and its place. */
export type Field = readonly ['f64' | 'f32' | 'u32' | 'u16', number];

/** Structs of `bytes` each, their fields filled in the order in which `fields` are named. */
export function structsOf(bytes: number, fields: readonly Field[], rows: readonly (readonly number[])[]): Uint8Array {
  const all = new Uint8Array(bytes * rows.length);
  const view = new DataView(all.buffer);
  for (const [index, row] of rows.entries()) {
    for (const [column, [type, place]] of fields.entries()) {
      write(view, type, index * bytes + place, row[column]!);
    }
  }
  return all;
}

function write(view: DataView, type: Field[0], at: number, value: number): void {
  if (type === 'f64') view.setFloat64(at, value, true);
  else if (type === 'f32') view.setFloat32(at, value, true);
  else if (type === 'u32') view.setUint32(at, value, true);
  else view.setUint16(at, value, true);
}

export function bytesOf(numbers: Float32Array | Int16Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** Pushes of `pushBytes` each; the last one may be shorter. */
export function cut(bytes: Uint8Array, pushBytes: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / pushBytes) }, (_, index) =>
    bytes.subarray(index * pushBytes, (index + 1) * pushBytes),
  );
}
