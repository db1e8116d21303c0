// The door of @maibo/bench. Nobody imports it: `npm run bench` starts main.ts, and the tests run under vitest.
export {};
