// How far a job is: its stage in words, a bar, and a button that ends it.

import { remove } from "./api.js";
import { el, put, say } from "./dom.js";
import { t } from "./texts.js";

/** A line for one job at a time inside `place`, which is shown while there is something to say. */
export function jobLine(place, stop) {
  const text = el("p", { class: "progress-line small" });
  const bar = el("progress", { max: 1 });
  let id = null;
  const end = el("button", { type: "button", class: "link", onclick: () => id && remove(`/api/jobs/${id}`).catch(() => {}) }, stop);
  put(place, text, bar, end);
  place.hidden = true;
  return {
    show(job) {
      id = job.id;
      place.hidden = false;
      const steps = job.days > 0 && job.state === "running" ? ` (${job.day.toLocaleString()} / ${job.days.toLocaleString()})` : "";
      say(text, job.state === "waiting" ? job.place > 1 ? t("jobs.waiting", { place: job.place }) : t("jobs.first") : `${job.stage_text}${steps}`);
      bar.setAttribute("aria-label", job.title);
      if (job.days > 0 && job.state === "running") bar.value = job.day / job.days;
      else bar.removeAttribute("value");
    },
    hide() {
      place.hidden = true;
      id = null;
    },
  };
}
