CREATE TABLE item(id INTEGER PRIMARY KEY, owner INTEGER, price REAL, name TEXT);
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
INSERT INTO item SELECT i, i * 7919 % 1009, i % 977 / 8.0, 'item ' || (i * 31337 % 30011) FROM n;
COMMIT;
CREATE INDEX item_owner ON item(owner);
CREATE INDEX item_name ON item(name);
SELECT count(*), sum(price) FROM item;
SELECT count(DISTINCT name), min(name), max(name) FROM item;
SELECT owner, count(*), sum(price) FROM item GROUP BY owner ORDER BY 3 DESC, 1 LIMIT 3;
SELECT count(*) FROM item a JOIN item b ON b.owner = a.owner AND b.id > a.id AND b.price = a.price;
SELECT count(*) FROM item WHERE name LIKE '%77%';
UPDATE item SET price = price + 1 WHERE owner % 3 = 0;
DELETE FROM item WHERE id % 5 = 0;
SELECT count(*), sum(price) FROM item;
