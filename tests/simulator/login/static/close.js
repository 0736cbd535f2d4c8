// Tells whoever shows this page as a LIFF sheet to close it.

"use strict";

if (window.parent !== window) window.parent.postMessage({ simulator: "liff", do: "closeWindow" }, "*");
else window.close();
