package siap

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
)

const configKey = "config"

// Config returns where the pages of the SIAP are. Kept 60 minutes; after that the last good value is
// still returned at once while a refresh runs behind, and it survives a restart (CacheStore). It fails
// only when no good value was ever received.
func (c *Client) Config(ctx context.Context) (ConfigDTO, error) {
	data, fresh := c.config.get(configKey, c.now())
	if data == nil {
		c.restore(ctx, c.config, configKey, configKey, checkConfig)
		data, fresh = c.config.get(configKey, c.now())
	}
	switch {
	case data == nil:
		var err error
		if data, err = c.cached(ctx, c.config, configKey, configCall()); err != nil {
			return ConfigDTO{}, err
		}
	case !fresh:
		c.refreshConfig(ctx)
	}
	return decodeConfig(data)
}

func configCall() call {
	return call{name: CallConfig, method: http.MethodGet, route: "/config", path: "/config",
		check: checkConfig, persistKey: configKey}
}

func checkConfig(data []byte) error {
	_, err := decodeConfig(data)
	return err
}

func decodeConfig(data []byte) (ConfigDTO, error) {
	cfg, err := decode[ConfigDTO](data)
	if err != nil {
		return ConfigDTO{}, err
	}
	err = cfg.check()
	return cfg, err
}

// refreshConfig asks for the configuration behind the caller: one refresh at a time, and none for
// a while after a failure.
func (c *Client) refreshConfig(ctx context.Context) {
	c.configMu.Lock()
	defer c.configMu.Unlock()
	if c.refreshing || c.life.Err() != nil || c.now().Sub(c.failedAt) < configRetryAfter {
		return
	}
	c.refreshing = true
	shared, end := c.detach(ctx)
	go func() {
		defer end()
		_, err := c.fetch(shared, c.config, configKey, configCall())
		if err != nil {
			c.logger.WarnContext(shared, "SIAP : configuration non rafraîchie, l'ancienne est conservée", "erreur", err)
		}
		c.configMu.Lock()
		defer c.configMu.Unlock()
		c.refreshing = false
		if err != nil {
			c.failedAt = c.now()
		}
	}()
}

// Menu returns the common menu of the habilitation, kept 15 minutes. When the SIAP does not answer it
// returns the last menu known (24 h at most); it fails only when there is none, and the page is then
// shown without menu.
func (c *Client) Menu(ctx context.Context, login string, habilitationID int64) ([]MenuItemDTO, error) {
	key := pairKey(login, habilitationID)
	persistKey := menuKey(key)
	data, err := c.cached(ctx, c.menus, key, call{
		name: CallMenu, method: http.MethodGet, route: "/menu", path: "/menu",
		login: login, habilitationID: habilitationID,
		check: checkMenu, persistKey: persistKey,
	})
	if err != nil {
		if data, _ = c.menus.get(key, c.now()); data == nil {
			c.restore(ctx, c.menus, key, persistKey, checkMenu)
			data, _ = c.menus.get(key, c.now())
		}
	}
	if data == nil {
		return nil, err
	}
	return decodeMenu(data)
}

func checkMenu(data []byte) error {
	_, err := decodeMenu(data)
	return err
}

func decodeMenu(data []byte) ([]MenuItemDTO, error) {
	return decodeListUnder[MenuItemDTO](data, "menuItems")
}

// menuKey is the key of a menu in the CacheStore, without the login in clear.
func menuKey(key string) string {
	h := sha256.Sum256([]byte(key))
	return "menu:" + hex.EncodeToString(h[:16])
}

// persist hands an answer to the CacheStore. A failure is logged: the answer is good anyway.
func (c *Client) persist(ctx context.Context, key string, data []byte) {
	if c.store == nil {
		return
	}
	if err := c.store.Put(context.WithoutCancel(ctx), key, data, c.now()); err != nil {
		c.logger.WarnContext(ctx, "SIAP : dernière réponse non conservée", "cle", key, "erreur", err)
	}
}

// restore puts in k what the CacheStore kept under persistKey, if it is still good.
func (c *Client) restore(ctx context.Context, k *cache, key, persistKey string, check func([]byte) error) {
	if c.store == nil {
		return
	}
	data, receivedAt, err := c.store.Get(ctx, persistKey)
	if err == nil && data != nil {
		err = check(data)
	}
	if err != nil {
		c.logger.WarnContext(ctx, "SIAP : dernière réponse conservée illisible", "cle", persistKey, "erreur", err)
		return
	}
	if data != nil {
		k.put(key, data, receivedAt, c.now())
	}
}
