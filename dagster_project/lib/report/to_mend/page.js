// Search, sort, group and page through the findings that stand in #data. Texts are set as text, never as markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const col = data.columns, count = col.finding_id.length, PAGE = 50;
  const tool = document.getElementById("tool");
  const view = { q: "", sort: null, down: true, group: "", only: null, page: 0, open: -1 };
  const at = () => (root.lang === "en" ? 1 : 0);
  const word = (name) => (data.words[name] ? data.words[name][at()] : name);
  const rule = (i) => data.rules[col.rule_code[i]];
  const title = (i) => rule(i)[at() ? "title_en" : "title_zh"] || col.rule_code[i];
  const entity = (name) => (data.entities[name] ? data.entities[name][at()] : name);
  const RANK = { critical: 0, major: 1, minor: 2 };
  const texts = Array.from({ length: count }, (_, i) => [
    col.record_key[i], col.value[i], col.detail[i], col.suggestion[i], col.finding_id[i], col.rule_code[i],
    rule(i).title_zh, rule(i).title_en, col.owner[i],
  ].join("\n").toLowerCase());
  const values = {
    severity: (i) => RANK[col.severity[i]] ?? 9, rule: title, record: (i) => col.record_key[i],
    value: (i) => col.value[i], suggestion: (i) => col.suggestion[i], orders: (i) => col.orders_touched[i],
    points: (i) => col.kpi_points[i], due: (i) => col.due_at[i], state: (i) => col.state[i], owner: (i) => col.owner[i],
  };
  const groups = {
    rule: title, severity: (i) => word(col.severity[i]), owner: (i) => col.owner[i] || "–",
    entity: (i) => entity(col.entity[i]), state: (i) => word(col.state[i]),
  };
  const FIGURES = new Set(["orders", "points"]);
  const shownColumns = ["severity", "rule", "record", "value", "suggestion", "orders", "points", "due", "state"]
    .concat(data.has_owner ? ["owner"] : []);

  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  }
  const number = (value, digits) => value == null ? "–" : value.toLocaleString(root.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), root.lang, { numeric: true });

  function chosen() {
    const words = view.q.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    for (let i = 0; i < count; i++) {
      if (view.only !== null && groups[view.group](i) !== view.only) continue;
      if (words.every((each) => texts[i].includes(each))) found.push(i);
    }
    if (view.sort) {
      const of = values[view.sort], sign = view.down ? -1 : 1;
      found.sort((a, b) => {
        const x = of(a), y = of(b);
        if (x == null || y == null) return (x == null) - (y == null) || a - b;
        return sign * compare(x, y) || a - b;
      });
    }
    return found;
  }

  function severity(i) {
    const name = col.severity[i], state = { critical: "bad", major: "watch" }[name] || "";
    return make("span", { class: "state " + state }, make("span", { class: "icon", "aria-hidden": "true" }, data.icons[name] || ""), word(name));
  }
  function cell(name, i) {
    const label = { "data-label": word(name) };
    if (name === "severity") return make("td", label, severity(i));
    if (name === "rule") return make("td", { ...label, class: "text" }, make("button", { class: "row", type: "button", "aria-expanded": String(view.open === i), onclick: () => { view.open = view.open === i ? -1 : i; draw(); } }, title(i)));
    if (name === "record") return make("td", label, make("code", {}, col.record_key[i]));
    if (name === "orders") return make("td", { ...label, class: "figure" }, number(col.orders_touched[i], 0));
    if (name === "points") return make("td", { ...label, class: "figure" }, number(col.kpi_points[i] || null, 2));
    if (name === "due") return make("td", { ...label, class: "time" }, col.due_at[i] || "–", col.is_overdue[i] === true ? make("span", { class: "late" }, " " + word("overdue")) : "");
    if (name === "state") return make("td", label, word(col.state[i]));
    const value = { value: col.value[i], suggestion: col.suggestion[i], owner: col.owner[i] }[name];
    const sure = name === "suggestion" && value && col.confidence[i] != null ? make("small", {}, " " + word("sure").replace("{n}", Math.round(col.confidence[i] * 100))) : "";
    return make("td", { ...label, class: "text" }, value || "–", sure);
  }
  function more(i) {
    const pairs = [
      ["remedy", rule(i)[at() ? "remedy_en" : "remedy_zh"]], ["entity", entity(col.entity[i])], ["detail", col.detail[i]],
      ["kpi", col.kpi_hurt[i]], ["first_seen", col.first_seen_at[i]], ["finding", col.finding_id[i]],
    ];
    const list = make("dl", { class: "more" });
    for (const [name, value] of pairs) if (value) list.append(make("dt", {}, word(name)), make("dd", {}, value));
    return make("tr", { class: "opened" }, make("td", { colspan: shownColumns.length }, list));
  }
  function heading(name) {
    const sorted = view.sort === name ? (view.down ? "descending" : "ascending") : "none";
    const mark = { descending: " ↓", ascending: " ↑", none: "" }[sorted];
    const turn = () => {
      if (view.sort === name) view.down = !view.down; else { view.sort = name; view.down = FIGURES.has(name); }
      view.page = 0; draw();
    };
    return make("th", { scope: "col", "aria-sort": sorted, class: FIGURES.has(name) ? "figure" : "" }, make("button", { type: "button", onclick: turn }, word(name) + mark));
  }

  function grouped(found) {
    const by = new Map();
    for (const i of found) {
      const name = groups[view.group](i);
      const told = by.get(name) || { findings: 0, orders: 0, points: 0 };
      told.findings++; told.orders += col.orders_touched[i] || 0; told.points = Math.max(told.points, col.kpi_points[i] || 0);
      by.set(name, told);
    }
    const rows = [...by].sort((a, b) => b[1].points - a[1].points || b[1].findings - a[1].findings);
    const body = make("tbody", {}, ...rows.map(([name, told]) => make("tr", {},
      make("td", { class: "text", "data-label": word(view.group) }, make("button", { class: "row", type: "button", onclick: () => { view.only = name; view.page = 0; draw(); } }, name)),
      make("td", { class: "figure", "data-label": word("findings") }, number(told.findings, 0)),
      make("td", { class: "figure", "data-label": word("points") }, number(told.points || null, 2)))));
    const head = make("tr", {}, make("th", { scope: "col" }, word(view.group)), make("th", { scope: "col", class: "figure" }, word("findings")), make("th", { scope: "col", class: "figure" }, word("points")));
    return make("div", { class: "table" }, make("table", {}, make("thead", {}, head), body));
  }
  function listed(found) {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    view.page = Math.min(view.page, pages - 1);
    const from = view.page * PAGE, some = found.slice(from, from + PAGE);
    const rows = some.flatMap((i) => [make("tr", {}, ...shownColumns.map((name) => cell(name, i))), ...(view.open === i ? [more(i)] : [])]);
    const shown = word("shown").replace("{from}", number(from + 1, 0)).replace("{to}", number(from + some.length, 0)).replace("{all}", number(found.length, 0));
    const step = (by) => { view.page += by; draw(); document.getElementById("all").scrollIntoView(); };
    const pager = make("p", { class: "pager" }, make("span", { id: "shown", role: "status" }, shown),
      make("button", { type: "button", id: "previous", disabled: view.page === 0 ? "" : null, onclick: () => step(-1) }, word("previous")),
      make("button", { type: "button", id: "next", disabled: view.page >= pages - 1 ? "" : null, onclick: () => step(1) }, word("next")));
    if (!some.length) return [make("p", { class: "empty", id: "shown", role: "status" }, word("none"))];
    return [pager, make("div", { class: "table" }, make("table", { id: "findings" }, make("thead", {}, make("tr", {}, ...shownColumns.map(heading))), make("tbody", {}, ...rows)))];
  }

  const search = make("input", { id: "search", type: "search", oninput: () => { view.q = search.value; view.page = 0; draw(); } });
  const group = make("select", { id: "group", onchange: () => { view.group = group.value; view.only = null; view.page = 0; draw(); } });
  const clear = make("button", { type: "button", id: "clear", onclick: () => { Object.assign(view, { q: "", sort: null, group: "", only: null, page: 0, open: -1 }); search.value = ""; group.value = ""; draw(); } });
  const label = make("label", { for: "group" });
  const results = make("div", {});
  tool.append(make("div", { class: "controls" }, search, label, group, clear), results);

  function draw() {
    search.placeholder = word("search"); search.setAttribute("aria-label", word("search"));
    label.textContent = word("group"); clear.textContent = word("clear");
    const options = ["", "rule", "severity", "entity", "state"].concat(data.has_owner ? ["owner"] : []);
    group.replaceChildren(...options.map((name) => make("option", { value: name, selected: view.group === name ? "" : null }, name ? word(name) : word("group_none"))));
    const found = chosen();
    const chip = view.only !== null ? [make("p", { class: "chip" }, word(view.group) + ": ", make("strong", {}, view.only), " ", make("button", { type: "button", onclick: () => { view.only = null; draw(); } }, "×"))] : [];
    results.replaceChildren(...chip, ...(view.group && view.only === null ? [grouped(found)] : listed(found)));
    tool.dataset.found = found.length;
  }
  document.addEventListener("language", () => { view.only = null; draw(); });
  tool.hidden = false;
  root.classList.add("alive");
  draw();
})();
