// What every page of ours can do: read its data, ask our server, close itself, open something in LINE.
"use strict";
(() => {
  const data = (id) => JSON.parse(document.getElementById(id).textContent);
  const about = data("visit-data");
  const nonce = document.currentScript.nonce;
  let loading = null;

  /** LINE's SDK, window.liff; loaded when it is asked for. Rejects when it cannot be had. */
  function sdk() {
    loading ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.nonce = nonce;
      script.src = about.sdk;
      script.onload = () => (window.liff ? done(window.liff) : failed(new Error("no SDK")));
      script.onerror = () => failed(new Error("no SDK"));
      document.head.append(script);
    }).catch((problem) => {
      loading = null;
      throw problem;
    });
    return loading;
  }

  const parsed = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return {};
    }
  };

  /** Our session is over, or another person's by now: the page opens once more and logs in by itself. */
  function again({ status, body }) {
    if (status === 401 && body.code === "again") {
      ayumi.beforeAgain?.();
      location.reload();
    }
    return { status, body };
  }

  /** {status, body}; given: an object (sent as JSON), a Blob or FormData. Rejects when there is no answer. */
  async function post(path, given) {
    const plain = !(given instanceof Blob || given instanceof FormData);
    const headers = { "X-Ayumi-Token": about.token };
    if (plain) headers["Content-Type"] = "application/json";
    const answer = await fetch(path, { method: "POST", headers, body: plain ? JSON.stringify(given) : given });
    return again({ status: answer.status, body: parsed(await answer.text()) });
  }

  /** The same for a file; progress is told the share that is there already, from 0 to 1. */
  function upload(path, file, progress) {
    return new Promise((done, failed) => {
      const call = new XMLHttpRequest();
      call.open("POST", path);
      call.setRequestHeader("X-Ayumi-Token", about.token);
      call.setRequestHeader("X-Ayumi-Name", encodeURIComponent(file.name));
      call.setRequestHeader("Content-Type", file.type || "application/octet-stream");
      call.upload.onprogress = (event) => event.lengthComputable && progress?.(event.loaded / event.total);
      call.onload = () => done(again({ status: call.status, body: parsed(call.responseText) }));
      call.onerror = () => failed(new Error("no answer"));
      call.send(file);
    });
  }

  async function close() {
    try {
      (await sdk()).closeWindow();
    } catch {
      window.close();
    }
  }

  async function openInLine(url) {
    try {
      const liff = await sdk();
      if (liff.isInClient()) {
        liff.openWindow({ url });
        return;
      }
    } catch {
      // a plain link does it, too
    }
    location.assign(url);
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-closes]")) close();
    if (target.closest("[data-reloads]")) location.reload();
  });

  if (about.token) {
    try {
      for (const what of ["in", "login", "renewed"]) sessionStorage.removeItem(`ayumi:${what}:${location.pathname}`);
    } catch {
      // nothing is kept here
    }
  }

  const ayumi = { data, post, upload, close, openInLine, sdk, beforeAgain: null };
  window.ayumi = ayumi;
})();
