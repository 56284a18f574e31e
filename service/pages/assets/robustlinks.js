// Shows beside each robust link the capture that goes with it, and the live address where the link leads
// to the capture. Asks nobody for anything; works on any page that holds such links.
"use strict";
(() => {
  const isWebAddress = (text) => /^https?:\/\//i.test(text || "");
  const beside = (href, text) => {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = text;
    link.rel = "nofollow noopener";
    return link;
  };
  const show = () => {
    for (const link of document.querySelectorAll("a[data-versionurl]")) {
      const { versionurl, versiondate, originalurl } = link.dataset;
      if (link.dataset.robust || !isWebAddress(versionurl)) continue;
      link.dataset.robust = "shown";
      const place = document.createElement("span");
      place.className = "robustlinks";
      const isCapture = link.href === new URL(versionurl, document.baseURI).href;
      place.append(" [");
      if (isCapture && isWebAddress(originalurl)) {
        place.append(beside(originalurl, "original"));
      } else {
        place.append(beside(versionurl, versiondate ? `captured ${versiondate}` : "captured"));
      }
      place.append("]");
      link.after(place);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", show);
  else show();
})();
