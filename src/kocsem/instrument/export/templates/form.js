"use strict";
(() => {
  const form = document.querySelector("form");
  const root = document.documentElement;
  const columns = JSON.parse(form.dataset.columns);
  const pages = [...form.querySelectorAll("[data-page]")];
  const place = document.getElementById("place");
  const alertBox = document.getElementById("alert");
  const find = (selector) => document.querySelector(selector);

  // What the device keeps ------------------------------------------------------

  const key = ["kocsem", form.dataset.id, form.dataset.version, form.dataset.fingerprint].join("/");
  const memory = new Map();
  let lasting = true;

  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(`${key}/${name}`)) ?? memory.get(name);
    } catch {
      return memory.get(name);
    }
  };

  const keep = (name, value) => {
    memory.set(name, value);
    try {
      localStorage.setItem(`${key}/${name}`, JSON.stringify(value));
    } catch {
      lasting = false;
    }
  };

  const forget = (name) => {
    memory.delete(name);
    try {
      localStorage.removeItem(`${key}/${name}`);
    } catch {
      lasting = false;
    }
  };

  const sheets = () => read("sheets") ?? [];

  // Words ----------------------------------------------------------------------

  const language = () => root.dataset.language;

  const fill = (text, numbers) => text.replace(/\{(\w)\}/g, (_, name) => numbers[name]);

  /** Put a text with numbers into an element, in all languages. */
  const say = (element, name, numbers = {}) => {
    const words = find(`template[data-word=${name}]`).content.cloneNode(true);
    for (const span of words.children) span.textContent = fill(span.textContent, numbers);
    element.replaceChildren(words);
  };

  /** Return a text with numbers in the language now shown. */
  const words = (name, numbers) =>
    fill(find(`template[data-word=${name}]`).content.querySelector(`.in-${language()}`).textContent,
      numbers);

  const speak = (chosen) => {
    const button = find(`[data-show=${chosen}]`);
    if (!button) return;
    root.dataset.language = chosen;
    root.lang = button.lang;
    document.title = find(`h1 .in-${chosen}`).textContent;
    for (const other of document.querySelectorAll("[data-show]")) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  };

  // Answers --------------------------------------------------------------------

  const clean = (text) =>
    text.normalize("NFC").replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ").trim();

  const number = (text) => clean(text.normalize("NFKC")).replace(/^(-?)\./, "$10.");

  const isNumber = (text) => /^-?\d+(\.\d+)?$/.test(text);

  const inputs = (field) => [...field.querySelectorAll("input, textarea")];

  const chosen = (code) => form.querySelector(`input[name="${code}"]:checked`)?.value ?? "";

  /** Return the pages that the answers so far lead through. */
  const route = () => {
    const asked = new Set();
    return pages.filter((page) => {
      const { question, answers } = page.dataset;
      const open = !question ||
        (asked.has(question) && answers.split(" ").includes(chosen(question)));
      if (open) for (const field of page.querySelectorAll("fieldset")) asked.add(field.dataset.code);
      return open;
    });
  };

  /** Return the answers of a field as [column, value] pairs; "" is unanswered. */
  const answers = (field) => {
    const { kind, code } = field.dataset;
    if (kind === "single") return [[code, chosen(code)]];
    if (kind === "multi") {
      const boxes = inputs(field);
      const any = boxes.some((box) => box.checked);
      return boxes.map((box) => [box.name, any ? String(Number(box.checked)) : ""]);
    }
    const [input] = inputs(field);
    return [[code, kind === "number" ? number(input.value) : clean(input.value)]];
  };

  const isComplete = (field) => {
    const values = answers(field).map(([, value]) => value);
    if (field.dataset.kind === "text") return true;
    if (field.dataset.kind === "number") return isNumber(values[0]);
    return !values.includes("");
  };

  const accepts = (field) => field.dataset.accept.split(" ").includes(chosen(field.dataset.code));

  /** Return the first screening question of a page whose answer ends the interview. */
  const closing = (page) =>
    [...page.querySelectorAll("fieldset[data-accept]")]
      .find((field) => chosen(field.dataset.code) !== "" && !accepts(field));

  const consented = () => [...form.querySelectorAll("[data-consent]")].every(accepts);

  const sheet = (walked) => {
    const fields = walked.flatMap((page) => [...page.querySelectorAll("fieldset")]);
    return Object.fromEntries([
      ...fields.filter(isComplete).flatMap(answers).filter(([, value]) => value !== ""),
      ["seconds", String(Math.round(spent()))],
    ]);
  };

  // Time -----------------------------------------------------------------------

  let before = 0;
  let since = null;

  const spent = () => before + (since === null ? 0 : (Date.now() - since) / 1000);

  const startClock = (seconds) => {
    before = seconds;
    since = Date.now();
  };

  // Pages ----------------------------------------------------------------------

  let current = find(".page.current");

  const mark = (field, bad) => {
    field.classList.toggle("invalid", bad);
    const missing = field.querySelector(".missing");
    if (missing) missing.hidden = !bad;
    for (const input of inputs(field)) input.setAttribute("aria-invalid", String(bad));
  };

  /** Bring bar, buttons and remarks in line with the page now shown. */
  const describe = () => {
    const walked = route();
    const at = walked.indexOf(current);
    const ending = current.dataset.end;
    const last = at === walked.length - 1 && at >= 0;
    const label = ending === "intro" ? "start" : last ? "finish" : "next";
    for (const span of form.querySelectorAll("[data-label]")) {
      span.hidden = span.dataset.label !== label;
    }
    find("[data-do=back]").hidden = at < 1;
    find(".turn").hidden = Boolean(ending) && ending !== "intro";
    find(".researcher").hidden = !ending;
    find("#progress").max = walked.length + 1;
    find("#progress").value = ending ? (ending === "intro" ? 0 : walked.length + 1) : at + 1;
    if (ending) place.replaceChildren();
    else say(place, "page", { n: at + 1, k: walked.length });
    count();
  };

  const count = () => {
    const kept = sheets().length;
    say(find("#kept"), "kept", { n: kept });
    for (const note of document.querySelectorAll(".memory")) note.hidden = lasting;
    for (const button of document.querySelectorAll("[data-do=save], [data-do=delete]")) {
      button.disabled = kept === 0;
    }
  };

  const show = (page) => {
    current.classList.remove("current");
    current = page;
    current.classList.add("current");
    alertBox.replaceChildren();
    find(".draft").hidden = page.dataset.end !== "intro" || !read("draft");
    find(".researcher").open = false;
    describe();
    window.scrollTo(0, 0);
    (page.querySelector("h1, h2") ?? place).focus({ preventScroll: true });
  };

  const ending = (name) => find(`[data-end=${name}]`);

  const keepDraft = () => {
    if (current.dataset.end || !consented()) return;
    const filled = inputs(form).filter((input) =>
      /radio|checkbox/.test(input.type) ? input.checked : input.value !== "");
    keep("draft", {
      page: current.dataset.page,
      seconds: spent(),
      language: language(),
      answers: filled.map((input) => [input.name, input.value]),
    });
  };

  const close = (name, walked) => {
    if (walked) keep("sheets", [...sheets(), sheet(walked)]);
    forget("draft");
    form.reset();
    since = null;
    for (const field of form.querySelectorAll("fieldset")) mark(field, false);
    show(ending(name));
  };

  const next = () => {
    if (current.dataset.end) {
      startClock(0);
      show(route()[0] ?? ending("done"));
      return;
    }
    const walked = route();
    const at = walked.indexOf(current);
    const closed = closing(current);
    if (closed) {
      const refused = closed.hasAttribute("data-consent");
      close(refused ? "declined" : "out", refused ? null : walked.slice(0, at + 1));
      return;
    }
    const fields = [...current.querySelectorAll("fieldset")];
    const left = fields.filter((field) => !isComplete(field));
    for (const field of fields) mark(field, left.includes(field));
    if (left.length > 0) {
      say(alertBox, "left", { n: left.length });
      left[0].scrollIntoView({ block: "center" });
      inputs(left[0])[0].focus({ preventScroll: true });
    } else if (at === walked.length - 1) {
      close("done", walked);
    } else {
      show(walked[at + 1]);
      keepDraft();
    }
  };

  const back = () => {
    const walked = route();
    show(walked[walked.indexOf(current) - 1]);
    keepDraft();
  };

  const resume = () => {
    const draft = read("draft");
    form.reset();
    for (const input of inputs(form)) {
      const given = draft.answers.filter(([name]) => name === input.name).map(([, value]) => value);
      if (/radio|checkbox/.test(input.type)) input.checked = given.includes(input.value);
      else input.value = given[0] ?? "";
    }
    speak(draft.language);
    startClock(draft.seconds);
    show(route().find((page) => page.dataset.page === draft.page) ?? route()[0]);
  };

  // What the researcher takes along --------------------------------------------

  const isFree = (column) =>
    form.querySelector(`fieldset[data-kind=text][data-code="${column}"]`) !== null;

  const cell = (column, value) => {
    // A spreadsheet would compute a text that begins like a formula.
    const text = isFree(column) && /^[=+\-@]/.test(value) ? `'${value}` : value;
    return /[",;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  let saved = 0;

  const save = () => {
    saved = sheets().length;
    const rows = sheets().map((row) => columns.map((c) => cell(c, row[c] ?? "")).join(","));
    const table = [columns.join(","), ...rows, ""].join("\r\n");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff", table], { type: "text/csv;charset=utf-8" }));
    link.download = `${form.dataset.id}_answers.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };

  const remove = () => {
    if (!window.confirm(words("confirm", { n: sheets().length }))) return;
    forget("sheets");
    forget("draft");
    describe();
    say(find("#kept"), "deleted");
    find(".draft").hidden = true;
  };

  const actions = {
    back,
    resume,
    save,
    delete: remove,
    discard: () => {
      forget("draft");
      show(ending("intro"));
    },
    again: () => show(ending("intro")),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do], [data-show]");
    if (!button) return;
    if (button.dataset.show) speak(button.dataset.show);
    else actions[button.dataset.do]();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    next();
  });
  form.addEventListener("change", (event) => {
    const field = event.target.closest("fieldset");
    if (field.classList.contains("invalid") && isComplete(field)) mark(field, false);
    describe();
    keepDraft();
  });

  window.addEventListener("beforeunload", (event) => {
    if (!lasting && sheets().length > saved) event.preventDefault();
  });

  keep("probe", 1);
  forget("probe");
  form.reset();
  show(current);
})();
