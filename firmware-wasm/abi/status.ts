// The status numbers every verb answers with; the table is in ABI.md. A verb that counts (push, poll) answers with the count
// when it is >= 0 and with one of these when it is not. The code generator reads the names of the hosts from these constants.

export type Status = i32;

/** The verb did what it says. */
export const OK: Status = 0;
/** `at`, `from` or `into` is below the arena (null is), misaligned, or the span leaves the memory. */
export const BAD_ADDRESS: Status = -1;
/** A parameter, or an element of the input, is outside its range. */
export const BAD_ARGUMENT: Status = -2;
/** No instance at `at`: its first word does not hold the core's mark. */
export const NOT_INITIALISED: Status = -3;
/** The verb does not go with the state, such as push after flush. */
export const WRONG_STATE: Status = -4;
