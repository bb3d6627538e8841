// Runs a list of calls (JSON on stdin) through @wecom/crypto and prints the results (JSON on stdout).
// Usage: node peer.cjs FOLDER_OF_THE_PACKAGE < calls.json
"use strict";

const { readFileSync } = require("node:fs");
const wecom = require(process.argv[2]);

const verbs = {
  sign: ({ token, timestamp, nonce, ciphertext }) =>
    wecom.getSignature(token, timestamp, nonce, ciphertext),
  encrypt: ({ key, message, id, random }) =>
    random === undefined
      ? wecom.encrypt(key, message, id)
      : wecom.encrypt(key, message, id, Buffer.from(random)),
  decrypt: ({ key, ciphertext }) => {
    const { message, id } = wecom.decrypt(key, ciphertext);
    return { message, id };
  },
};

const calls = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(calls.map(({ verb, ...given }) => verbs[verb](given))));
