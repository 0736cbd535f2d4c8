// The simulator's stand-in for LINE's LIFF SDK: the surface our pages use, played by this simulator.
// LINE's own SDK is neither copied nor contained here.

const ERRORS = {
  INIT_FAILED: "Failed to init LIFF SDK",
  INVALID_ARGUMENT: "An invalid argument was specified",
  UNAUTHORIZED: "Need access_token for api call, Please login first",
  FORBIDDEN: "This is not available here",
  INVALID_CONFIG: "An invalid setting",
  INVALID_ID_TOKEN: "Invalid ID token",
  EXCEPTION_IN_SUBWINDOW: "Problem with subwindow",
  UNKNOWN: "Unknown error",
};

class LiffError extends Error {
  constructor(code, message, cause) {
    super(message ?? ERRORS[code] ?? code);
    this.name = "LiffError";
    this.code = code;
    if (cause !== undefined) this.cause = cause;
  }
}

/** Throw unless this holds. */
function must(holds, code, message) {
  if (!holds) throw new LiffError(code, message);
}
