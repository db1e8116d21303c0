/* What the calls of Maibo Link for devices answer. 0 and above is success (often a count of bytes); below 0 says what was wrong.
 *
 *   -1 ..  -9  faults of bytes from outside: the closed list of SPEC.md 10, in its order
 *  -10 .. -19  wrong use, and too little memory
 *  -20 .. -39  packets (SPEC.md 3)
 *  -40 .. -69  crypto, noise, session (SPEC.md 4)
 *  -70 .. -99  sync and the log (SPEC.md 5, 6)
 * -100 .. -119 the device as a whole
 */
#ifndef ML_STATUS_H
#define ML_STATUS_H

#define ML_OK 0

/* Faults of bytes. */
#define ML_TOO_LONG (-1)       /* A frame is longer than the receiver accepts. */
#define ML_BAD_CHECK (-2)      /* A frame came whole but its CRC differs. */
#define ML_TORN (-3)           /* The bytes end early, or a frame is not valid COBS. */
#define ML_UNKNOWN_NUMBER (-4) /* A message number, or a critical extension, that this version does not know. */
#define ML_BAD_SHAPE (-5)      /* Well-formed, but not what the schema says. */
#define ML_OVER_BUDGET (-6)    /* Larger, deeper or more items than allowed. */
#define ML_NOT_CANONICAL (-7)  /* CBOR outside the profile. */

/* Use. */
#define ML_BAD_ARGUMENT (-10) /* A null pointer, or a number out of its range. */
#define ML_TOO_SMALL (-11)    /* The caller's buffer has too few bytes. */
#define ML_FULL (-12)         /* No room by now: again when something has left. */
#define ML_WRONG_STATE (-13)  /* Not now: not open yet, over, or out of turn. */
#define ML_NO_RANDOM (-14)    /* The source of random bytes failed. */

/* Packets: why a link is dead. */
#define ML_DEAD (-20)             /* The link is over: open it again. Its `why` has the reason, one of those below. */
#define ML_SILENT (-21)           /* Nothing was heard for three keep-alive times. */
#define ML_NOT_ACKNOWLEDGED (-22) /* What was sent was not acknowledged, and ten repeats did not help. */
#define ML_BAD_MESSAGE (-23)      /* The other end's packets make no messages: a violation. */
#define ML_MANY_CHANNELS (-24)    /* More channels had a message in parts at a time than this build has memory for. */

/* Crypto and noise. */
#define ML_LOW_ORDER (-40)  /* The other's X25519 key is one with which every result is zero. */
#define ML_NOT_OPENED (-41) /* Sealed bytes do not open: another key, nonce, order, or a changed byte. */
#define ML_NOT_SIGNED (-42) /* The signature does not hold. */

/* Session: what it may refuse, and why it ended (ml_session_reason). ML_NO_RANDOM, ML_FULL and what a store answers may also be it. */
#define ML_BUSY (-43)             /* The handshake of another link runs. */
#define ML_NOT_PAIRING (-44)      /* Pairing mode is over, or its reveals are used up. */
#define ML_NO_VERSION (-45)       /* No version of the link in common; the host was told. */
#define ML_NO_PATTERN (-46)       /* The host went a way that was not offered to it. */
#define ML_UNKNOWN_HOST (-47)     /* None of the allowed hosts sent this. */
#define ML_HANDSHAKE_FAILED (-48) /* A handshake message does not fit: wrong key, wrong psk, a changed hello, a damaged byte. */
#define ML_OUT_OF_PLACE (-49)     /* A message that has no place here, or is not what the schema says. */
#define ML_SAS_REFUSED (-50)      /* A person said that the digits differ. */
#define ML_TIMED_OUT (-51)        /* The handshake, its proof or the people took too long. */
#define ML_EXPIRED (-52)          /* The session is 24 h old; its bye was given. */
#define ML_ENDED_HERE (-53)       /* The caller ended it. */

/* Sync and the log. */
#define ML_NOT_THERE (-70)       /* The item, chain or value is not kept, or cannot be read. */
#define ML_VIOLATIONS (-71)      /* The host said too much that makes no sense: end the session. */
#define ML_LOG_IS_FINAL (-72)    /* Nothing can be added to this log any more. */
#define ML_FLASH_FAILED (-80)    /* The flash does not read, program or erase as it should, on several pages in a row. */
#define ML_OTHER_GEOMETRY (-81)  /* The flash holds a log of another page size or count: wipe it, or open it as it was made. */

#endif
